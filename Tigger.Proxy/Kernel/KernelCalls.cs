namespace Tigger.Kernel;

/// <summary>The programs that C# runs, looked up once.</summary>
internal sealed class KernelCalls(BpfObject loaded)
{
    public static IReadOnlyList<string> Programs { get; } =
    [
        "tigger_claim", "tigger_arm", "tigger_take", "tigger_wait", "tigger_stop_waiting", "tigger_begin_send", "tigger_unclaim",
        "tigger_hand_on", "tigger_take_server", "tigger_recall", "tigger_cancel_begin", "tigger_cancel_end", "tigger_forget",
        "tigger_settle",
    ];

    public BpfProgram Claim { get; } = loaded.Program("tigger_claim");

    public BpfProgram Arm { get; } = loaded.Program("tigger_arm");

    public BpfProgram Take { get; } = loaded.Program("tigger_take");

    public BpfProgram Wait { get; } = loaded.Program("tigger_wait");

    public BpfProgram StopWaiting { get; } = loaded.Program("tigger_stop_waiting");

    public BpfProgram BeginSend { get; } = loaded.Program("tigger_begin_send");

    public BpfProgram Unclaim { get; } = loaded.Program("tigger_unclaim");

    public BpfProgram HandOn { get; } = loaded.Program("tigger_hand_on");

    public BpfProgram TakeServer { get; } = loaded.Program("tigger_take_server");

    public BpfProgram Recall { get; } = loaded.Program("tigger_recall");

    public BpfProgram CancelBegin { get; } = loaded.Program("tigger_cancel_begin");

    public BpfProgram CancelEnd { get; } = loaded.Program("tigger_cancel_end");

    public BpfProgram Forget { get; } = loaded.Program("tigger_forget");

    public BpfProgram Settle { get; } = loaded.Program("tigger_settle");
}
