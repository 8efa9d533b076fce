using Tigger.Net;

namespace Tigger.Listening;

/// <summary>Sorts the errors of accept(2): nothing to accept, out of resources, or a connection that died in the queue.</summary>
internal static class AcceptErrorPolicy
{
    public static AcceptErrorAction For(int error) => error switch
    {
        LinuxConstants.ErrorAgain => AcceptErrorAction.Done,
        LinuxConstants.ErrorTooManyFiles or LinuxConstants.ErrorTooManyFilesSystem
            or LinuxConstants.ErrorNoBuffers or LinuxConstants.ErrorNoMemory => AcceptErrorAction.BackOff,
        _ => AcceptErrorAction.Next,
    };
}
