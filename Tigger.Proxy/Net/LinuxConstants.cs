namespace Tigger.Net;

/// <summary>Numbers of the Linux system call interface used by <see cref="LibC"/> (same on x86-64 and arm64).</summary>
internal static class LinuxConstants
{
    public const int EpollCloseOnExec = 0x80000;
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;
    public const int EventFdNonBlocking = 0x800;
    public const int EventFdCloseOnExec = 0x80000;

    public const int SocketStream = 1;
    public const int SocketDatagram = 2;
    public const int SocketNonBlocking = 0x800;
    public const int SocketCloseOnExec = 0x80000;

    public const int SetDescriptorFlags = 2;
    public const int DescriptorCloseOnExec = 1;
    public const int SetStatusFlags = 4;

    public const int MessagePeek = 2;
    public const int MessageNoSignal = 0x4000;
    public const int ShutdownWrite = 1;

    public const int LevelSocket = 1;
    public const int OptionReuseAddress = 2;
    public const int OptionType = 3;
    public const int OptionError = 4;
    public const int OptionSendBuffer = 7;
    public const int OptionReceiveBuffer = 8;
    public const int OptionKeepAlive = 9;
    public const int OptionLinger = 13;
    public const int OptionReusePort = 15;
    public const int OptionPeerCredentials = 17;
    public const int OptionAcceptConnections = 30;
    public const int OptionCookie = 57;

    public const int LevelTcp = 6;
    public const int TcpNoDelay = 1;
    public const int TcpKeepIdle = 4;
    public const int TcpKeepInterval = 5;
    public const int TcpKeepCount = 6;
    public const int TcpDeferAccept = 9;
    public const int TcpUserTimeout = 18;
    public const int TcpNotSentLowWater = 25;

    public const int LevelIpv6 = 41;
    public const int Ipv6Only = 26;

    public const int ErrorAgain = 11;
    public const int ErrorInvalid = 22;
    public const int ErrorTooManyFilesSystem = 23;
    public const int ErrorTooManyFiles = 24;
    public const int ErrorProtocol = 71;
    public const int ErrorAddressInUse = 98;
    public const int ErrorAddressNotAvailable = 99;
    public const int ErrorNoBuffers = 105;
    public const int ErrorNoMemory = 12;
    public const int ErrorInProgress = 115;
}
