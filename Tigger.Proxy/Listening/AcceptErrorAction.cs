namespace Tigger.Listening;

/// <summary>What to do after a failed accept.</summary>
internal enum AcceptErrorAction
{
    /// <summary>The queue is empty; an event will tell of the next.</summary>
    Done,

    /// <summary>Try again in a moment.</summary>
    BackOff,

    /// <summary>That connection is gone; take the next.</summary>
    Next,
}
