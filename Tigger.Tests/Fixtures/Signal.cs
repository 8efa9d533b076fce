namespace Tigger.Tests.Fixtures;

/// <summary>Linux signal numbers.</summary>
public enum Signal
{
    Hup = 1,
    Int = 2,
    Quit = 3,
    Kill = 9,
    Usr1 = 10,
    Usr2 = 12,
    Term = 15,
    Cont = 18,
    Stop = 19,
}
