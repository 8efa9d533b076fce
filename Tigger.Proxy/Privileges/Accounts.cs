using System.Runtime.InteropServices;

namespace Tigger.Privileges;

/// <summary>The users and groups of this host, whatever name service knows them.</summary>
internal static unsafe partial class Accounts
{
    /// <summary>passwd(5) as the C library has it, up to what is used.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct UserEntry
    {
        public readonly byte* Name;
        public readonly byte* Password;
        public readonly uint User;
        public readonly uint Group;
    }

    /// <summary>group(5) as the C library has it, up to what is used.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct GroupEntry
    {
        public readonly byte* Name;
        public readonly byte* Password;
        public readonly uint Group;
    }

    /// <summary>User id and id of the primary group, or null.</summary>
    public static (uint User, uint Group)? FindUser(string name)
    {
        UserEntry* entry = UserByName(name);
        return entry is null ? null : (entry->User, entry->Group);
    }

    /// <summary>Group id, or null.</summary>
    public static uint? FindGroup(string name)
    {
        GroupEntry* entry = GroupByName(name);
        return entry is null ? null : entry->Group;
    }

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial UserEntry* UserByName(string name);

    [LibraryImport("libc", EntryPoint = "getgrnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial GroupEntry* GroupByName(string name);
}
