using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Tigger.Tests.Fixtures;

/// <summary>An OpenTelemetry collector that keeps the newest export of metrics and all spans, by gRPC or HTTP.</summary>
public sealed class OtlpCollector : IAsyncDisposable
{
    private const string GrpcPath = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
    private const string GrpcTracePath = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private const int GrpcPrefix = 5;

    private readonly WebApplication _application;
    private volatile MetricSet? _newest;
    private int _exports;

    private OtlpCollector(WebApplication application, int port)
    {
        _application = application;
        Port = port;
    }

    public int Port { get; }

    public string Endpoint => $"http://127.0.0.1:{Port}";

    public int Exports => Volatile.Read(ref _exports);

    /// <summary>In the order in which they came.</summary>
    public ConcurrentQueue<OtlpSpan> Spans { get; } = [];

    /// <summary>Attributes of the resources that the newest export names.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Resources { get; private set; } = [];

    public static async Task<OtlpCollector> StartAsync(bool grpc)
    {
        var port = FreePort.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, port, listen => listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var collector = new OtlpCollector(builder.Build(), port);
        collector._application.MapPost(grpc ? GrpcPath : "/v1/metrics", context => TakeAsync(context, grpc, collector.Take));
        collector._application.MapPost(grpc ? GrpcTracePath : "/v1/traces", context => TakeAsync(context, grpc, collector.TakeSpans));
        await collector._application.StartAsync();
        return collector;
    }

    /// <summary>The metrics of an export that began after this call.</summary>
    public async Task<MetricSet> NextAsync()
    {
        var seen = Exports;
        await Eventually.TrueAsync(() => Exports >= seen + 2, "two more exports", TimeSpan.FromSeconds(60));
        return _newest!;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private static async Task TakeAsync(HttpContext context, bool grpc, Action<byte[]> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var bytes = body.ToArray();
        if (grpc)
        {
            Assert.Equal(bytes.Length - GrpcPrefix, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)));
            bytes = bytes[GrpcPrefix..];
        }

        take(bytes);
        context.Response.ContentType = grpc ? "application/grpc" : "application/x-protobuf";
        if (grpc)
        {
            await context.Response.Body.WriteAsync(new byte[GrpcPrefix]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }

    private void Take(byte[] bytes)
    {
        var set = new MetricSet { IsPrometheus = false };
        var resources = new ProtobufReader(bytes).Messages(1).ToList();
        foreach (var metric in resources.SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2)))
        {
            var name = metric.Text(1);
            foreach (var point in (metric.Message(5) ?? metric.Message(7))?.Messages(1) ?? [])
                set.Add(name, Attributes(point, 7), point.Has(4) ? point.Double(4) : (long)point.Number(6));
            foreach (var point in metric.Message(9)?.Messages(1) ?? [])
                AddHistogram(set, name, point);
        }

        Resources = [.. resources.Select(resource => Attributes(resource.Message(1)!, 1).ToDictionary())];
        _newest = set;
        Interlocked.Increment(ref _exports);
    }

    private void TakeSpans(byte[] bytes)
    {
        foreach (var span in new ProtobufReader(bytes).Messages(1).SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2)))
            Spans.Enqueue(OtlpSpan.Read(span));
    }

    private static void AddHistogram(MetricSet set, string name, ProtobufReader point)
    {
        var labels = Attributes(point, 9).ToList();
        var counts = point.Packed(6);
        var bounds = point.Packed(7);
        Assert.Equal(bounds.Count + 1, counts.Count);
        Assert.True(point.Number(2) > 0 && point.Number(2) < point.Number(3), "start is before now");
        set.Add(name + "_count", labels, point.Number(4));
        set.Add(name + "_sum", labels, point.Double(5));
        var sum = 0ul;
        for (var i = 0; i < counts.Count; i++)
        {
            sum += counts[i];
            var bound = i < bounds.Count
                ? BitConverter.UInt64BitsToDouble(bounds[i]).ToString("0.################", CultureInfo.InvariantCulture)
                : "+Inf";
            set.Add(name + "_bucket", [.. labels, KeyValuePair.Create("le", bound)], sum);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Attributes(ProtobufReader message, int field) =>
        message.Messages(field).Select(one => KeyValuePair.Create(one.Text(1), one.Message(2)!.Text(1)));
}
