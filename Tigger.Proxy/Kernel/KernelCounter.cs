namespace Tigger.Kernel;

/// <summary>
/// enum tg_counter: why something did not stay in the kernel, and other things worth counting. SHOW COUNTERS prints them by
/// these names in snake_case, with <c>kernel_</c> before them.
/// </summary>
public enum KernelCounter
{
    /// <summary>Sockets of clients entered.</summary>
    ClientEntered,

    /// <summary>Sockets of backends entered.</summary>
    ServerEntered,

    /// <summary>Sockets the socket map refused: another program has them, or the map is full.</summary>
    EnterFailed,

    /// <summary>Clients that came when every slot was taken.</summary>
    NoSlot,

    /// <summary>Sends of clients redirected.</summary>
    Request,

    /// <summary>Sends of servers redirected.</summary>
    Reply,

    /// <summary>Idle servers taken by a client's send.</summary>
    Link,

    /// <summary>Servers made idle by their own send.</summary>
    Release,

    /// <summary>Requests that began to wait in a block.</summary>
    Wait,

    /// <summary>Waiting requests injected by a server's send.</summary>
    Grant,

    /// <summary>Servers released to C#.</summary>
    Park,

    /// <summary>Waiting requests sent by C#.</summary>
    HandedOn,

    /// <summary>Passed up: Terminate. This and all <c>Escape</c> count sends.</summary>
    EscapeTerminate,

    /// <summary>Passed up: a type the kernel leaves to C#, such as COPY, or none that is known.</summary>
    EscapeMessage,

    /// <summary>Passed up: a named portal, or a prepared statement whose name is new, to be closed, or too long.</summary>
    EscapeNamed,

    /// <summary>Passed up: a header cut by the end of a send.</summary>
    EscapeSplit,

    /// <summary>Passed up: no idle server and not a complete request.</summary>
    EscapeIncomplete,

    /// <summary>Passed up: no idle server and too long for a block.</summary>
    EscapeTooLong,

    /// <summary>Passed up: no idle server and no free block.</summary>
    EscapeNoBlock,

    /// <summary>Passed up: TCP bytes were still on their way.</summary>
    EscapeUnclean,

    /// <summary>Passed up: sent on before the request was known to have arrived.</summary>
    EscapePipelined,

    /// <summary>Passed up: idle servers, but none with the client's parameters.</summary>
    EscapeProfile,

    /// <summary>Passed up: the idle server has to be tested first.</summary>
    EscapeStale,

    /// <summary>Passed up: the pool has no server.</summary>
    EscapeNoServer,

    /// <summary>Passed up: the receiver's socket is closed.</summary>
    EscapeGone,

    /// <summary>Passed up: the server reads too slowly.</summary>
    EscapeBudgetRequest,

    /// <summary>Passed up: the client reads too slowly.</summary>
    EscapeBudgetReply,

    /// <summary>Passed up: a message of the server that C# has to see, such as ParameterStatus or CopyInResponse.</summary>
    EscapeReply,

    /// <summary>Passed up: the connection to a client on another host is full, or closing.</summary>
    EscapeSlow,

    /// <summary>Passed up: a SET, or the reply to a command that changes the session.</summary>
    EscapeState,

    /// <summary>Passed up: the server lacks a prepared statement, or the request has too many to tell.</summary>
    EscapeStatement,

    /// <summary>Passed up of a mirrored client: too long to be copied, or not a whole request; and replies with an error.</summary>
    EscapeMirror,

    /// <summary>Requests of clients on other hosts, redirected.</summary>
    RemoteRequest,

    /// <summary>Connections to other hosts that took a part of a reply only, and were closed for it.</summary>
    CutShort,

    /// <summary>Sends of clients redirected that name a prepared statement.</summary>
    Bind,

    /// <summary>Sends of clients passed up without TCP.</summary>
    SideRequest,

    /// <summary>Sends of servers passed up without TCP.</summary>
    SideReply,

    /// <summary>Our own sends delivered without TCP.</summary>
    SideDown,

    /// <summary>Of our own sends, those refused for now: the receiver reads too slowly.</summary>
    SideRefused,

    /// <summary>Sends of idle servers.</summary>
    Unasked,

    /// <summary>Sends the kernel took only part of, and ran the program again.</summary>
    ResumedSend,

    /// <summary>Helpers that failed for lack of memory.</summary>
    NoMemory,

    /// <summary>Messages that could not be walked.</summary>
    FrameFailed,

    /// <summary>Events for which the ring buffer had no room.</summary>
    EventLost,

    /// <summary>Copies for mirrors for which their ring buffer had no room.</summary>
    CopyMissed,
}
