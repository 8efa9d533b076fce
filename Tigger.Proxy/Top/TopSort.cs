namespace Tigger.Top;

/// <summary>By what pools are sorted.</summary>
internal enum TopSort
{
    Rate,
    Waiting,
    P99,
    Name,
}
