using System.Buffers.Binary;
using System.Net.Http.Headers;
using Tigger.Telemetry.Metrics;

namespace Tigger.Telemetry.Otlp;

/// <summary>
/// Puts the histograms behind what OpenTelemetry's exporter sends. In protobuf two messages one behind the other are one message with
/// the repeated fields of both, so what the exporter wrote need not be understood; everything else (when, where to, tries,
/// TLS, headers) stays its affair.
/// </summary>
internal sealed class HistogramAppender(MetricCollector collector, TimeProvider clock) : DelegatingHandler(new SocketsHttpHandler())
{
    /// <summary>gRPC: one byte that says whether what follows is compressed, and its length.</summary>
    private const int GrpcPrefix = 5;

    private readonly ulong _start = Nanoseconds(clock);

    /// <summary>What the SDK says of this process; known once it is built.</summary>
    public IEnumerable<KeyValuePair<string, object>> Resource { get; set; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            byte[] bytes = Append(await content.ReadAsByteArrayAsync(cancellationToken), content.Headers.ContentType);
            request.Content = Replace(content, bytes);
        }

        return await base.SendAsync(request, cancellationToken);
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            using MemoryStream read = new();
            content.CopyTo(read, null, cancellationToken);
            request.Content = Replace(content, Append(read.ToArray(), content.Headers.ContentType));
        }

        return base.Send(request, cancellationToken);
    }

    private byte[] Append(byte[] sent, MediaTypeHeaderValue? type)
    {
        ProtobufMessage histograms = HistogramMessage.Build(collector.Read(), Resource, _start, Nanoseconds(clock));
        byte[] all = [.. sent, .. histograms.Bytes];
        if (type?.MediaType == "application/grpc")
        {
            BinaryPrimitives.WriteUInt32BigEndian(all.AsSpan(1), (uint)(all.Length - GrpcPrefix));
        }

        return all;
    }

    private static ByteArrayContent Replace(HttpContent old, byte[] bytes)
    {
        ByteArrayContent content = new(bytes);
        content.Headers.ContentType = old.Headers.ContentType;
        return content;
    }

    private static ulong Nanoseconds(TimeProvider clock) =>
        (ulong)(clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
