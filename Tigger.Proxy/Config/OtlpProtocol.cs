namespace Tigger.Config;

/// <summary>How metrics are sent to an OpenTelemetry collector.</summary>
public enum OtlpProtocol
{
    Grpc,

    /// <summary>Protobuf over HTTP.</summary>
    Http,
}
