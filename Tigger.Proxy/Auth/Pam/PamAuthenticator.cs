using System.Runtime.InteropServices;
using System.Text;

namespace Tigger.Auth.Pam;

/// <summary>
/// Asks PAM whether a password is right and the account may log in, with the service <c>pgbouncer</c>
/// (<c>/etc/pam.d/pgbouncer</c>), as PgBouncer does. Calls block.
/// </summary>
/// <param name="remoteHost">Where the client is, for modules that care.</param>
internal sealed class PamAuthenticator(string remoteHost) : IPasswordAuthenticator
{
    private const string Service = "pgbouncer";

    public string FailureText => "PAM authentication failed";

    public bool TryAuthenticate(string user, string password, out string reason)
    {
        if (password.Length == 0)
        {
            reason = "empty password returned by client";
            return false;
        }

        try
        {
            reason = Ask(user, password);
        }
        catch (DllNotFoundException)
        {
            reason = "PAM needs the library libpam.so.0, which is not installed";
        }

        return reason.Length == 0;
    }

    /// <summary>Empty when PAM agrees.</summary>
    private unsafe string Ask(string user, string password)
    {
        byte[] secret = new byte[Encoding.UTF8.GetByteCount(password) + 1];
        Encoding.UTF8.GetBytes(password, secret);
        GCHandle handle = GCHandle.Alloc(secret);
        try
        {
            PamConversation conversation = new() { Ask = &Answer, Data = GCHandle.ToIntPtr(handle) };
            int result = LibPam.Start(Service, user, &conversation, out nint pam);
            if (result != LibPam.Success)
            {
                return $"pam_start() failed: {LibPam.ErrorText(0, result)}";
            }

            string failed = "";
            (string Call, Func<nint, int> Run)[] steps =
            [
                ("pam_set_item", session => LibPam.SetItem(session, LibPam.ItemRemoteHost, remoteHost)),
                ("pam_authenticate", static session => LibPam.Authenticate(session, LibPam.Silent)),
                ("pam_acct_mgmt", static session => LibPam.AccountManagement(session, LibPam.Silent)),
            ];
            foreach ((string call, Func<nint, int> run) in steps)
            {
                result = run(pam);
                if (result != LibPam.Success)
                {
                    failed = $"{call}() failed: {LibPam.ErrorText(pam, result)}";
                    break;
                }
            }

            _ = LibPam.End(pam, result);
            return failed;
        }
        finally
        {
            handle.Free();
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <summary>Gives the password to whoever asks without echo; other questions get no answer.</summary>
    [UnmanagedCallersOnly]
    private static unsafe int Answer(int count, PamMessage** messages, PamResponse** responses, nint data)
    {
        if (count < 1 || GCHandle.FromIntPtr(data).Target is not byte[] secret)
        {
            return LibPam.ConversationError;
        }

        PamResponse* answers = (PamResponse*)LibPam.Allocate((nuint)count, (nuint)sizeof(PamResponse));
        if (answers is null)
        {
            return LibPam.ConversationError;
        }

        *responses = answers;
        for (int i = 0; i < count; i++)
        {
            if (messages[i]->Style != LibPam.PromptEchoOff)
            {
                continue;
            }

            answers[i].Text = (byte*)LibPam.Allocate((nuint)secret.Length, 1);
            if (answers[i].Text is not null)
            {
                secret.CopyTo(new Span<byte>(answers[i].Text, secret.Length));
            }
        }

        return LibPam.Success;
    }
}
