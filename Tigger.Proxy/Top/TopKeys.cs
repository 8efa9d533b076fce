namespace Tigger.Top;

/// <summary>What each key does. What would disturb clients is only asked for here; a yes to the question runs it.</summary>
internal static class TopKeys
{
    /// <returns>The command to run now; "" to end the program; null: nothing.</returns>
    public static string? Press(ConsoleKeyInfo key, TopState state, TopSnapshot now)
    {
        state.Message = "";
        if (state.Question is not null)
        {
            state.Question = null;
            return key.KeyChar is 'y' or 'Y' ? state.Command : null;
        }

        if (state.IsTyping)
        {
            Type(key, state);
            return null;
        }

        switch (key.Key, key.KeyChar)
        {
            case (ConsoleKey.UpArrow, _):
                state.Selected--;
                break;
            case (ConsoleKey.DownArrow, _):
                state.Selected++;
                break;
            case (ConsoleKey.Tab, _):
                state.OnClients = !state.OnClients;
                state.Selected = 0;
                break;
            case (_, 'q'):
                return "";
            case (_, 's'):
                state.Sort = (TopSort)(((int)state.Sort + 1) % Enum.GetValues<TopSort>().Length);
                break;
            case (_, '/'):
                state.IsTyping = true;
                break;
            case (_, 'p'):
                AskOfPool(state, now, "PAUSE");
                break;
            case (_, 'r'):
                AskOfPool(state, now, "RESUME");
                break;
            case (_, 'k'):
                AskToKill(state, now);
                break;
        }

        state.KeepInside(now);
        return null;
    }

    private static void Type(ConsoleKeyInfo key, TopState state)
    {
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                state.IsTyping = false;
                break;
            case ConsoleKey.Escape:
                state.IsTyping = false;
                state.Filter = "";
                break;
            case ConsoleKey.Backspace:
                state.Filter = state.Filter[..Math.Max(0, state.Filter.Length - 1)];
                break;
            default:
                state.Filter += char.IsControl(key.KeyChar) ? "" : key.KeyChar;
                break;
        }

        state.Selected = 0;
    }

    /// <summary>The console pauses databases: all pools of the marked one's.</summary>
    private static void AskOfPool(TopState state, TopSnapshot now, string verb)
    {
        if (state.OnClients || state.PoolsOf(now).ElementAtOrDefault(state.Selected) is not { } pool)
        {
            state.Message = "mark a pool first (Tab, arrows)";
            return;
        }

        state.Question = $"{verb} database {pool.Database}?";
        state.Command = $"{verb} \"{pool.Database.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static void AskToKill(TopState state, TopSnapshot now)
    {
        if (!state.OnClients || state.ClientsOf(now).ElementAtOrDefault(state.Selected) is not { } client)
        {
            state.Message = "mark a client first (Tab, arrows)";
            return;
        }

        state.Question = $"Disconnect client C-{client.Id} of {client.Pool} ({client.Application})?";
        state.Command = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"KILL_CLIENT {client.Id}");
    }
}
