using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Tigger.Telemetry.Metrics;

namespace Tigger.Status;

/// <summary>What the status listener answers. It only tells; nothing can be changed through it.</summary>
internal sealed class StatusPages(MetricCollector metrics, StatusData status, Func<bool> isReady)
{
    private const string Html = "text/html; charset=utf-8";
    private const string Json = "application/json";
    private const string Text = "text/plain; charset=utf-8";

    private static readonly Lazy<string> Page = new(() =>
    {
        using StreamReader reader = new(typeof(StatusPages).Assembly.GetManifestResourceStream("status.html")!);
        return reader.ReadToEnd();
    });

    public Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return SendAsync(context, StatusCodes.Status405MethodNotAllowed, Text, "only GET\n");
        }

        return context.Request.Path.Value switch
        {
            "/" => SendPageAsync(context),
            "/status.json" => SendAsync(context, StatusCodes.Status200OK, Json, status.ToJson(isReady())),
            "/metrics" => SendMetricsAsync(context),
            "/healthz" => SendAsync(context, StatusCodes.Status200OK, Text, "ok\n"),
            "/readyz" when isReady() => SendAsync(context, StatusCodes.Status200OK, Text, "ready\n"),
            "/readyz" => SendAsync(context, StatusCodes.Status503ServiceUnavailable, Text, "not ready\n"),
            _ => SendAsync(context, StatusCodes.Status404NotFound, Text, "not found\n"),
        };
    }

    /// <summary>Everything the page needs is in it; nothing may be loaded from elsewhere, nor may it be shown inside another page.</summary>
    private static Task SendPageAsync(HttpContext context)
    {
        context.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";
        return SendAsync(context, StatusCodes.Status200OK, Html, Page.Value);
    }

    private Task SendMetricsAsync(HttpContext context)
    {
        bool openMetrics = AcceptsOpenMetrics(context.Request.Headers.Accept);
        return SendAsync(
            context, StatusCodes.Status200OK, openMetrics ? PrometheusText.OpenMetricsType : PrometheusText.PlainType,
            PrometheusText.Write(metrics.Read(), openMetrics));
    }

    private static bool AcceptsOpenMetrics(StringValues accept) =>
        accept.Any(value => value?.Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) == true);

    private static Task SendAsync(HttpContext context, int status, string type, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(body);
    }
}
