namespace Tigger.Kernel;

/// <summary>Numbers to hand out, the one given back last first. Any thread may ask.</summary>
internal sealed class FreeNumbers
{
    private readonly Lock _lock = new();
    private readonly Stack<int> _free;

    /// <param name="first">The smallest number.</param>
    /// <param name="count">How many there are.</param>
    public FreeNumbers(int first, int count) => _free = new Stack<int>(Enumerable.Range(first, count).Reverse());

    /// <summary>The next number, -1 when all are used.</summary>
    public int Take()
    {
        lock (_lock)
        {
            return _free.TryPop(out int number) ? number : -1;
        }
    }

    public void Return(int number)
    {
        lock (_lock)
        {
            _free.Push(number);
        }
    }
}
