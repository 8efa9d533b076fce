using Tigger.Auth;
using Tigger.Config;
using Tigger.Tls;

namespace Tigger.Hosting;

/// <summary>What one reading of the configuration gave: the settings, and what the files they name have in them.</summary>
public sealed record LoadedConfig(TiggerConfig Config, CredentialStore Credentials, TlsContexts Tls);
