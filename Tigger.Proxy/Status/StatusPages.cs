using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Tigger.Telemetry.Metrics;

namespace Tigger.Status;

/// <summary>What the status listener answers. It only tells; nothing can be changed through it.</summary>
internal sealed class StatusPages(MetricCollector metrics, Func<bool> isReady)
{
    private const string Text = "text/plain; charset=utf-8";

    public Task AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            return SendAsync(context, StatusCodes.Status405MethodNotAllowed, Text, "only GET\n");
        }

        return context.Request.Path.Value switch
        {
            "/metrics" => SendMetricsAsync(context),
            "/healthz" => SendAsync(context, StatusCodes.Status200OK, Text, "ok\n"),
            "/readyz" when isReady() => SendAsync(context, StatusCodes.Status200OK, Text, "ready\n"),
            "/readyz" => SendAsync(context, StatusCodes.Status503ServiceUnavailable, Text, "not ready\n"),
            _ => SendAsync(context, StatusCodes.Status404NotFound, Text, "not found\n"),
        };
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
