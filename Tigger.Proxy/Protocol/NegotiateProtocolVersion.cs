namespace Tigger.Protocol;

/// <summary>NegotiateProtocolVersion: the server speaks 3.0 only, and does not know some options.</summary>
public static class NegotiateProtocolVersion
{
    /// <param name="unknownOptions">The <c>_pq_.</c> options the client asked for.</param>
    public static byte[] Build(IReadOnlyList<string> unknownOptions)
    {
        // PostgreSQL sends the whole version number here, major part included.
        MessageWriter writer = new MessageWriter().Begin(BackendCode.NegotiateProtocolVersion)
            .Int32(StartupCode.Version3).Int32(unknownOptions.Count);
        foreach (string option in unknownOptions)
        {
            writer.CString(option);
        }

        return writer.End().ToArray();
    }
}
