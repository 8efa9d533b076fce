using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Tigger.Status;

/// <summary>
/// The metrics and status listener (<c>metrics_listen</c>): Kestrel alone, without the host around it, which would take the process's
/// signals.
/// </summary>
internal sealed partial class StatusServer : IHttpApplication<HttpContext>, IDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(1);

    private readonly StatusPages _pages;
    private readonly ILogger _logger;
    private readonly KestrelServer _server;

    private StatusServer(string endpoint, StatusPages pages, ILogger logger)
    {
        _pages = pages;
        _logger = logger;
        KestrelServerOptions options = new() { AddServerHeader = false, ApplicationServices = new NoServices() };
        options.Limits.MaxRequestBodySize = 0;
        options.Limits.MaxConcurrentConnections = 100;
        foreach (IPEndPoint address in Resolve(endpoint))
        {
            options.Listen(address, listen => listen.Protocols = HttpProtocols.Http1);
        }

        SocketTransportFactory transport = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
        _server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
    }

    /// <exception cref="IOException">The address cannot be had.</exception>
    public static async Task<StatusServer> StartAsync(string endpoint, StatusPages pages, ILogger logger)
    {
        StatusServer server = new(endpoint, pages, logger);
        await server._server.StartAsync(server, CancellationToken.None);
        LogListening(logger, endpoint);
        return server;
    }

    HttpContext IHttpApplication<HttpContext>.CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    async Task IHttpApplication<HttpContext>.ProcessRequestAsync(HttpContext context)
    {
        try
        {
            await _pages.AnswerAsync(context);
        }
#pragma warning disable CA1031 // A fault in one answer must not be lost, nor end more than this answer.
        catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogFault(_logger, context.Request.Path, fault);
            throw;
        }
    }

    void IHttpApplication<HttpContext>.DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public void Dispose()
    {
        using CancellationTokenSource deadline = new(StopTime);
        _server.StopAsync(deadline.Token).GetAwaiter().GetResult();
        _server.Dispose();
    }

    private static IEnumerable<IPEndPoint> Resolve(string endpoint)
    {
        int colon = endpoint.LastIndexOf(':');
        int port = int.Parse(endpoint.AsSpan(colon + 1), System.Globalization.CultureInfo.InvariantCulture);
        string host = endpoint[..colon].Trim('[', ']');
        IPAddress[] addresses = host == "*" ? [IPAddress.IPv6Any]
            : IPAddress.TryParse(host, out IPAddress? address) ? [address]
            : Dns.GetHostAddresses(host);
        return addresses.Select(one => new IPEndPoint(one, port));
    }

    [LoggerMessage(8000, LogLevel.Information, "metrics and status on http://{Endpoint}/")]
    private static partial void LogListening(ILogger logger, string endpoint);

    [LoggerMessage(8001, LogLevel.Error, "fault in the answer to {Path}")]
    private static partial void LogFault(ILogger logger, string path, Exception fault);

    /// <summary>Kestrel asks for services only where TLS is configured by them.</summary>
    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
