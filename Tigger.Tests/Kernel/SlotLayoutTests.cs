using System.Reflection;
using Tigger.Kernel;
using Tigger.Kernel.Calls;
using Tigger.Kernel.Copies;
using Tigger.Kernel.Slots;

namespace Tigger.Tests.Kernel;

/// <summary>The structs and enums of tg_state.h and their C# twins are the same, field by field.</summary>
public sealed class SlotLayoutTests
{
    private static readonly Dictionary<string, Type> Structs = new()
    {
        ["pg_frame"] = typeof(FramePosition),
        ["tg_pair"] = typeof(AddressPair),
        ["tg_listener"] = typeof(ListenerKey),
        ["tg_end"] = typeof(SocketEnd),
        ["tg_needs"] = typeof(StatementNeeds),
        ["tg_client"] = typeof(ClientSlot),
        ["tg_server"] = typeof(ServerSlot),
        ["tg_pool"] = typeof(PoolSlot),
        ["tg_name_key"] = typeof(NameKey),
        ["tg_name"] = typeof(ServerName),
        ["tg_statistics"] = typeof(KernelStatistics),
        ["tg_event"] = typeof(KernelEvent),
        ["tg_copy"] = typeof(CopyHead),
        ["tg_mirror"] = typeof(MirrorSlot),
        ["tg_prepare_call"] = typeof(PrepareCall),
        ["tg_claim_call"] = typeof(ClaimCall),
        ["tg_client_call"] = typeof(ClientCall),
        ["tg_server_call"] = typeof(ServerCall),
    };

    private static readonly Dictionary<string, Type> Enums = new()
    {
        ["tg_client_state"] = typeof(ClientSlotState),
        ["tg_server_state"] = typeof(ServerSlotState),
        ["tg_client_flag"] = typeof(ClientSlotFlags),
        ["tg_server_flag"] = typeof(ServerSlotFlags),
        ["tg_pool_flag"] = typeof(PoolSlotFlags),
        ["tg_counter"] = typeof(KernelCounter),
        ["tg_event_kind"] = typeof(KernelEventKind),
        ["tg_copy_kind"] = typeof(CopyKind),
        ["tg_result"] = typeof(CallResult),
    };

    [Fact]
    public void Structs_FieldByField_AreThoseOfC()
    {
        var reported = LayoutLibrary.Structs().Where(one => one.Name != "tg_slots").GroupBy(one => one.Name).ToList();
        Assert.Equal(Structs.Keys.Order(), reported.Select(one => one.Key).Order());
        foreach (var group in reported)
        {
            var type = Structs[group.Key];
            Assert.Equal((group.Key, group.Single(one => one.Field is null).Size), (group.Key, FieldPlace.SizeOf(type)));
            Assert.Equal(
                group.Where(one => one.Field is not null).Select(one => $"{one.Name}.{Plain(one.Field!)} at {one.Offset}, {one.Size} bytes"),
                Fields(type).Select(field => $"{group.Key}.{field}"));
        }
    }

    [Fact]
    public void Slots_BeginWhereTheTableLooks()
    {
        var slots = LayoutLibrary.Structs().Where(one => one.Name == "tg_slots").ToDictionary(one => one.Field ?? "", one => one);
        Assert.Equal(4, slots.Count);
        Assert.Equal(SlotTable.PoolsOffset, (int)slots["pools"].Offset);
        Assert.Equal((int)slots["servers"].Offset, SlotTable.ServersOffset);
        Assert.Equal((int)slots["clients"].Offset, SlotTable.ClientsOffset);
        Assert.Equal((int)slots[""].Size, SlotTable.Length);
    }

    [Fact]
    public void Enums_ValueByValue_AreThoseOfC()
    {
        var reported = LayoutLibrary.Enums().Where(one => one.Name != "tg_limit").GroupBy(one => one.Name).ToList();
        Assert.Equal(Enums.Keys.Order(), reported.Select(one => one.Key).Order());
        foreach (var group in reported)
        {
            var ours = Enum.GetValuesAsUnderlyingType(Enums[group.Key]).Cast<object>().Select(Convert.ToUInt32)
                .Select(value => (Value: value, Name: Enum.GetName(Enums[group.Key], value)!))
                // C has no name for "no flags", and one more for the number of counters.
                .Where(one => one.Name != "None").ToList();
            var theirs = group.Where(one => one.Field != "TG_COUNTERS").OrderBy(one => one.Offset).ToList();
            Assert.Equal(theirs.Count, ours.Count);
            foreach (var (c, twin) in theirs.Zip(ours))
            {
                var sameName = Plain(c.Field!).EndsWith(Plain(twin.Name), StringComparison.Ordinal);
                Assert.True(c.Offset == twin.Value && sameName, $"{c} is not {twin}");
            }
        }
    }

    [Theory]
    [InlineData("TG_CLIENTS", SlotLimits.Clients)]
    [InlineData("TG_SERVERS", SlotLimits.Servers)]
    [InlineData("TG_POOLS", SlotLimits.Pools)]
    [InlineData("TG_BLOCK", SlotLimits.BlockLength)]
    [InlineData("TG_NONE", (int)SlotLimits.None)]
    [InlineData("TG_BUCKETS", SlotLimits.Buckets)]
    [InlineData("TG_ERROR_CLASSES", SlotLimits.ErrorClasses)]
    [InlineData("TG_STATEMENTS", SlotLimits.Statements)]
    [InlineData("TG_NAME", SlotLimits.NameLength)]
    [InlineData("TG_NEEDS", SlotLimits.Needs)]
    [InlineData("TG_COPY_MOST", SlotLimits.LongestCopy)]
    [InlineData("TG_MIRRORS", SlotLimits.Mirrors)]
    public void Limits_AreThoseOfC(string name, int twin) =>
        Assert.Equal((uint)twin, LayoutLibrary.Enums().Single(one => one.Name == "tg_limit" && one.Field == name).Offset);

    private static IEnumerable<string> Fields(Type type) => type
        .GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        .Select(field => (Name: Plain(field.Name), Place: FieldPlace.Of(field)))
        .OrderBy(one => one.Place.Offset)
        .Select(one => $"{one.Name} at {one.Place.Offset}, {one.Place.Size} bytes");

    /// <summary>head_extended, _headExtended, HeadExtended and a property's backing field are one name.</summary>
    private static string Plain(string name)
    {
        var inner = name.StartsWith('<') ? name[1..name.IndexOf('>', StringComparison.Ordinal)] : name;
        return inner.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();
    }
}
