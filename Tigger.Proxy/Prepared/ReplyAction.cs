namespace Tigger.Prepared;

/// <summary>What becomes of a reply on its way to the client.</summary>
public enum ReplyAction
{
    Forward,

    /// <summary>The client has not asked for it.</summary>
    Swallow,

    /// <summary>A CloseComplete that stands for the ParseComplete the client expects.</summary>
    TurnIntoParseComplete,
}
