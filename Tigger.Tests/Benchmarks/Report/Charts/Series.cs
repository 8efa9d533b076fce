namespace Tigger.Benchmarks.Report.Charts;

/// <summary>One line of a chart.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="Style">Class of the style sheet that colours it.</param>
/// <param name="Points">In the order in which they are joined.</param>
/// <param name="IsDashed">Told apart from a solid line of the same colour.</param>
/// <param name="HasDots">Each point is a measurement of its own.</param>
internal sealed record Series(string Name, string Style, IReadOnlyList<(double X, double Y)> Points, bool IsDashed = false, bool HasDots = true);
