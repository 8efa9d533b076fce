using Microsoft.Extensions.Logging;
using Tigger.Protocol;
using Tigger.Recording;

namespace Tigger.Admin;

/// <summary>RECORD: the transactions of a database as a COPY, one message a record, until the client leaves or cancels.</summary>
public sealed partial class AdminSession
{
    private async Task<AdminOutcome> RecordAsync(AdminStatement statement, CancellationToken cancellation)
    {
        if (_context.Registry.FindDatabase(statement.Argument) is not { } database)
        {
            return AdminOutcome.Failed(
                statement.Argument.Length == 0 ? "a database is required" : $"no such database: {statement.Argument}");
        }

        LogRecording(_context.Logger, User, database.Name);
        Recorder recorder = new(database, _context.Registry);
        _context.Registry.Listen(database, recorder);
        try
        {
            _out.Begin(BackendCode.CopyOutResponse).Byte(1).Int16(0).End();
            _out.Begin(BackendCode.CopyData).Bytes(recorder.Head()).End();
            while (true)
            {
                await FlushAsync();
                byte[] record = await recorder.NextAsync(cancellation);
                _out.Begin(BackendCode.CopyData).Bytes(record).End();
            }
        }
        finally
        {
            _context.Registry.StopListening(database, recorder);
            recorder.Stop();
            LogRecorded(_context.Logger, User, database.Name);
        }
    }

    [LoggerMessage(7111, LogLevel.Information, "{User} records database '{Database}'")]
    private static partial void LogRecording(ILogger logger, string user, string database);

    [LoggerMessage(7112, LogLevel.Information, "{User} has ended the recording of database '{Database}'")]
    private static partial void LogRecorded(ILogger logger, string user, string database);
}
