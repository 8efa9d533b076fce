using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tigger.Tests.Kernel;

/// <summary>Where a field of a struct really is, found by setting it: inline arrays have no marshalled offset.</summary>
internal readonly record struct FieldPlace(uint Offset, uint Size)
{
    public static uint SizeOf(Type type) => (uint)(int)Call(nameof(Unsafe.SizeOf), typeof(Unsafe), type, null)!;

    public static FieldPlace Of(FieldInfo field) => (FieldPlace)Call(nameof(Find), typeof(FieldPlace), field.DeclaringType!, field)!;

    private static FieldPlace Find<T>(FieldInfo field)
        where T : unmanaged
    {
        object box = default(T);
        field.SetValue(box, Call(nameof(Filled), typeof(FieldPlace), field.FieldType, null));
        var whole = (T)box;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in whole));
        return new((uint)bytes.IndexOfAnyExcept((byte)0), (uint)(bytes.Length - bytes.Count((byte)0)));
    }

    private static T Filled<T>()
        where T : unmanaged
    {
        T value = default;
        MemoryMarshal.AsBytes(new Span<T>(ref value)).Fill(byte.MaxValue);
        return value;
    }

    private static object? Call(string method, Type owner, Type argument, FieldInfo? field) => owner
        .GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
        .MakeGenericMethod(argument)
        .Invoke(null, field is null ? [] : [field]);
}
