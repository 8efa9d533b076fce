namespace Tigger.Config;

/// <summary>One thing wrong in a configuration.</summary>
/// <param name="File">As it was named to the loader.</param>
/// <param name="Line">From 1; 0 = the file as a whole.</param>
/// <param name="Column">From 1.</param>
/// <param name="Key">Dotted, such as <c>databases.shop.pool_size</c>; empty for syntax errors.</param>
/// <param name="Message">What is wrong; never a secret.</param>
/// <param name="Severity">Whether the configuration can be used all the same.</param>
public sealed record ConfigFault(string File, int Line, int Column, string Key, string Message, FaultSeverity Severity = FaultSeverity.Error)
{
    /// <summary>The form compilers use, so that editors can jump to the place.</summary>
    public override string ToString()
    {
        var place = Line == 0 ? File : $"{File}:{Line}:{Column}";
        var warning = Severity == FaultSeverity.Warning ? "warning: " : "";
        return Key.Length == 0 ? $"{place}: {warning}{Message}" : $"{place}: {warning}{Key}: {Message}";
    }
}
