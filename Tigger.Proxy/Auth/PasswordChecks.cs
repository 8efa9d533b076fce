namespace Tigger.Auth;

/// <summary>
/// Runs checks of <see cref="IPasswordAuthenticator"/> that may block for seconds: on threads of their own, so that neither the
/// event loops nor the thread pool wait for a slow directory, and only so many at once.
/// </summary>
internal sealed class PasswordChecks : IDisposable
{
    private const int MaximumConcurrent = 8;

    private readonly SemaphoreSlim _free = new(MaximumConcurrent);

    /// <summary>Null: the password is right; else why it is not, for the log.</summary>
    /// <exception cref="OperationCanceledException">The client waits no more; a check under way ends for itself.</exception>
    public async Task<string?> RunAsync(
        IPasswordAuthenticator authenticator, string user, string password, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        Task<string?> check = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    return authenticator.TryAuthenticate(user, password, out string reason) ? null : reason;
                }
                finally
                {
                    _free.Release();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        return await check.WaitAsync(cancellation);
    }

    public void Dispose() => _free.Dispose();
}
