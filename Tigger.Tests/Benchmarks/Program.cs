using System.Runtime.InteropServices;
using Tigger.Benchmarks;
using Tigger.Benchmarks.Report;

using var stop = new CancellationTokenSource();

// Started servers must not outlive us: a signal cancels the run, and the run stops what it started on its way out.
void Cancel(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
using var onHangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Cancel);

return await CommandLine.Build(BenchmarkProgram.RunAsync, ReportRunner.RunAsync)
    .Parse(args)
    .InvokeAsync(new() { ProcessTerminationTimeout = null }, stop.Token);
