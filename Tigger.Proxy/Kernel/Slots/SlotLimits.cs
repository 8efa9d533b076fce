namespace Tigger.Kernel.Slots;

/// <summary>The numbers of enum tg_limit (Tigger.Bpf/tg_state.h).</summary>
public static class SlotLimits
{
    /// <summary>TG_CLIENTS: one of them, number 0, is never used.</summary>
    public const int Clients = 16384;

    /// <summary>TG_SERVERS: one of them, number 0, is never used.</summary>
    public const int Servers = 4096;

    /// <summary>TG_POOLS: pool 0 is that of the connections no session has claimed.</summary>
    public const int Pools = 256;

    /// <summary>TG_BLOCK: bytes of a request that can wait in the kernel.</summary>
    public const int BlockLength = 1024;

    /// <summary>TG_COPY_MOST: bytes of a send that can be copied for mirrors.</summary>
    public const int LongestCopy = 4096;

    /// <summary>TG_ERROR_CLASSES: classes of SQLSTATE, and one for what is none.</summary>
    public const int ErrorClasses = (36 * 36) + 1;

    /// <summary>TG_MIRRORS: connections to mirrors whose answers the kernel can take in.</summary>
    public const int Mirrors = 1024;

    /// <summary>TG_NONE: the slot that stands for no client and no server.</summary>
    public const uint None = 0;

    /// <summary>TG_BUCKETS of a histogram.</summary>
    public const int Buckets = 32;

    /// <summary>TG_STATEMENTS: numbers of prepared statements in a pool.</summary>
    public const int Statements = 1024;

    /// <summary>TG_NAME: bytes of a statement's name with its zero.</summary>
    public const int NameLength = 64;

    /// <summary>TG_NEEDS: statements of one request.</summary>
    public const int Needs = 8;
}
