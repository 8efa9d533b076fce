namespace Tigger.Tests.Fixtures;

/// <summary>A span as a collector gets it.</summary>
public sealed record OtlpSpan(string Name, int Kind, string TraceId, string ParentId, string TraceState, IReadOnlyDictionary<string, string> Attributes)
{
    public required DateTime Start { get; init; }

    public required DateTime End { get; init; }

    public required bool IsError { get; init; }

    public string this[string attribute] => Attributes[attribute];

    /// <param name="span">opentelemetry/proto/trace/v1/trace.proto: Span.</param>
    public static OtlpSpan Read(ProtobufReader span)
    {
        const int Error = 2;
        return new OtlpSpan(
            span.Text(5), (int)span.Number(6), Convert.ToHexStringLower(span.Bytes(1)), Convert.ToHexStringLower(span.Bytes(4)), span.Text(3),
            span.Messages(9).ToDictionary(one => one.Text(1), one => Value(one.Message(2)!)))
        {
            Start = Time(span.Number(7)),
            End = Time(span.Number(8)),
            IsError = span.Message(15)?.Number(3) == Error,
        };
    }

    private static string Value(ProtobufReader any) => any.Has(3) ? $"{(long)any.Number(3)}" : any.Has(4) ? $"{any.Double(4)}" : any.Text(1);

    private static DateTime Time(ulong nanoseconds) => DateTime.UnixEpoch.AddTicks((long)(nanoseconds / 100));
}
