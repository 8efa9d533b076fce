namespace Tigger.Config;

/// <summary>Which entry of a host list a new server connection uses (<c>load_balance_hosts</c>).</summary>
public enum LoadBalanceHosts
{
    /// <summary>The next one each time.</summary>
    RoundRobin,

    /// <summary>The same one until it fails.</summary>
    Disable,
}
