using System.Text;
using Tigger.Config;
using Tigger.Pooling;
using Tigger.Protocol;
using Tigger.Sessions;

namespace Tigger.Tests.Sessions;

public sealed class StartupRequestTests
{
    private const string OptionsRefused = "unsupported options startup parameter: only '-c config=val' and '--config=val' are allowed";

    private static readonly TrackedParameters Tracked = new(["IntervalStyle"]);

    [Fact]
    public void From_UserOnly_IsTheDatabaseAsWell()
    {
        StartupRequest request = From("user=bob");
        Assert.Equal(("bob", "bob", ""), (request.User, request.Database, request.ApplicationName));
        Assert.Equal("bob", From("user=bob|database=").Database);
        Assert.Equal("shop", From("database=shop|user=bob").Database);
    }

    [Theory]
    [InlineData("client_encoding=LATIN1", "client_encoding", "LATIN1")]
    [InlineData("CLIENT_ENCODING=LATIN1", "client_encoding", "LATIN1")]
    [InlineData("datestyle=ISO, DMY", "DateStyle", "ISO, DMY")]
    [InlineData("TimeZone=UTC|TimeZone=CET", "TimeZone", "CET")]
    [InlineData("intervalstyle=iso_8601", "IntervalStyle", "iso_8601")]
    [InlineData("options=-c timezone=CET", "TimeZone", "CET")]
    [InlineData("options=-ctimezone=CET --DateStyle=ISO", "DateStyle", "ISO")]
    [InlineData("options=-c TimeZone=CET|TimeZone=UTC", "TimeZone", "UTC")]
    [InlineData("TimeZone=UTC|options=-c TimeZone=CET", "TimeZone", "CET")]
    [InlineData("options=-c application_name=a\\ b", "application_name", "a b")]
    public void From_TrackedParameter_IsKept(string parameters, string name, string expected) =>
        Assert.Equal(expected, From("user=bob|" + parameters).Parameters[Tracked.IndexOf(name)]);

    [Fact]
    public void From_ApplicationName_IsKnownByName() => Assert.Equal("psql", From("user=bob|application_name=psql").ApplicationName);

    [Theory]
    [InlineData("extra_float_digits=2", "extra_float_digits")]
    [InlineData("Extra_Float_Digits=2", "extra_float_digits")]
    [InlineData("options=-c search_path=x", "options")]
    [InlineData("options=-c search_path=x", "search_path")]
    [InlineData("options=-B 5", "options")]
    public void From_IgnoredParameter_IsDropped(string parameters, string ignored)
    {
        StartupRequest request = From("user=bob|" + parameters, ignored);
        Assert.All(Enumerable.Range(0, Tracked.Names.Count), i => Assert.Null(request.Parameters[i]));
    }

    [Fact]
    public void From_OptionsIgnored_StillTakesTrackedSettingsFromThem() =>
        Assert.Equal("CET", From("user=bob|options=-c search_path=x -c TimeZone=CET", "options").Parameters[Tracked.IndexOf("TimeZone")]);

    [Theory]
    [InlineData("", "no username supplied")]
    [InlineData("user=", "no username supplied")]
    [InlineData("database=shop", "no username supplied")]
    [InlineData("user=bob|search_path=x", "unsupported startup parameter: search_path")]
    [InlineData("user=bob|options=-c search_path=x", "unsupported startup parameter in options: search_path")]
    [InlineData("user=bob|options=-c TimeZone=CET --geqo=off", "unsupported startup parameter in options: geqo")]
    [InlineData("user=bob|options=-B 5", OptionsRefused)]
    [InlineData("user=bob|options=TimeZone=CET", OptionsRefused)]
    public void From_WhatCannotBeHonoured_IsRefusedWithPgbouncersText(string parameters, string expected)
    {
        LoginException refusal = Assert.Throws<LoginException>(() => From(parameters));
        Assert.Equal((SqlStates.ProtocolViolation, expected), (refusal.SqlState, refusal.Message));
    }

    /// <summary>As PostgreSQL reads the parameter: a boolean, which may be shortened, or the word database.</summary>
    [Theory]
    [InlineData("database", ReplicationMode.Logical)]
    [InlineData("true", ReplicationMode.Physical)]
    [InlineData("T", ReplicationMode.Physical)]
    [InlineData("yes", ReplicationMode.Physical)]
    [InlineData("on", ReplicationMode.Physical)]
    [InlineData("1", ReplicationMode.Physical)]
    [InlineData("false", ReplicationMode.None)]
    [InlineData("of", ReplicationMode.None)]
    [InlineData("0", ReplicationMode.None)]
    public void From_Replication_IsReadAsByPostgres(string value, ReplicationMode mode) =>
        Assert.Equal(mode, From($"user=bob|replication={value}").Replication?.Mode ?? ReplicationMode.None);

    [Fact]
    public void From_Replication_PassesAllParametersButUserAndDatabase()
    {
        ReplicationStartup? startup = From("user=bob|database=shop|replication=database|options=-c geqo=off|search_path=x").Replication;
        Assert.Equal(["replication", "options", "search_path"], startup!.Parameters.Select(one => one.Key));
    }

    [Theory]
    [InlineData("maybe")]
    [InlineData("o")]
    [InlineData("")]
    public void From_ReplicationThatIsNone_IsRefused(string value)
    {
        LoginException refusal = Assert.Throws<LoginException>(() => From($"user=bob|replication={value}"));
        Assert.Equal((SqlStates.InvalidParameterValue, $"invalid value for parameter \"replication\": \"{value}\""), (refusal.SqlState, refusal.Message));
    }

    [Fact]
    public void From_LongUserName_IsMeasuredInBytes()
    {
        string longest = new string('ä', Limits.UserNameBytes / 2) + "x";
        Assert.Equal(longest, From("user=" + longest).User);
        Assert.Equal("username too long", Assert.Throws<LoginException>(() => From("user=x" + longest)).Message);
    }

    /// <summary>Parameters separated by bars.</summary>
    private static StartupRequest From(string parameters, params string[] ignored)
    {
        IEnumerable<string> parts = parameters.Split('|', StringSplitOptions.RemoveEmptyEntries)
            .Select(parameter => parameter.Split('=', 2))
            .Select(pair => $"{pair[0]}\0{pair[1]}\0");
        byte[] body = Encoding.UTF8.GetBytes(string.Concat(parts) + "\0");
        Assert.True(StartupMessage.TryParse(StartupCode.Version3, body, out StartupMessage? message, out string error), error);
        return StartupRequest.From(message, new TiggerConfig { IgnoreStartupParameters = [.. ignored] }, Tracked);
    }
}
