using Tigger.Auth;

namespace Tigger.Tests.Auth;

public sealed class UserListTests
{
    [Theory]
    [InlineData("\"a\" \"b\"", "a", "b")]
    [InlineData("\"a\" \"b\"\r\n", "a", "b")]
    [InlineData("  \t\"a\"\t\"b\"  ", "a", "b")]
    [InlineData("\"a\" \"b\" trailing \"junk\"", "a", "b")]
    [InlineData("\"a\" junk \"b\"", "a", "b")]
    [InlineData("\"a\"\"b\" \"c\"\"d\"", "a\"b", "c\"d")]
    [InlineData("\"a\" \"\"\"\"", "a", "\"")]
    [InlineData("\"a;b\" \";\"", "a;b", ";")]
    [InlineData("; comment\n\n \n\"a\" \"b\"\n;\"x\" \"y\"", "a", "b")]
    [InlineData("\"j\u00FCrgen\" \"\u2028p\"", "j\u00FCrgen", "\u2028p")]
    public void Parse_GoodLine_GivesTheUserAndNoFault(string text, string name, string secret)
    {
        UserList list = UserList.Parse(text);
        Assert.Empty(list.Faults);
        Assert.Equal(name, Assert.Single(list.Users).Key);
        Assert.Equal(secret, list.Users[name].Plain);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("'a' 'b'")]
    [InlineData("# comment")]
    [InlineData("\"a")]
    [InlineData("\"a\"")]
    [InlineData("\"a\" secret")]
    [InlineData("\"a\" \"b")]
    [InlineData("\"a\" \"b\"\"")]
    [InlineData("\"a\"\"b\"")]
    [InlineData("\"\" \"b\"")]
    [InlineData("\"a\0\" \"b\"")]
    [InlineData("\"a\" \"b\0\"")]
    public void Parse_BrokenLine_IsReportedAndOnlyThatLineIsLost(string line)
    {
        UserList list = UserList.Parse("\"before\" \"1\"\n" + line + "\n\"after\" \"2\"\n");
        Assert.Equal(2, Assert.Single(list.Faults).Line);
        Assert.Equal(["after", "before"], list.Users.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Parse_SameNameTwice_LastCountsWithAWarning()
    {
        UserList list = UserList.Parse("\"a\" \"old\"\n\"b\" \"x\"\n\"a\" \"new\"");
        Assert.Equal("new", list.Users["a"].Plain);
        Assert.Equal(3, Assert.Single(list.Faults).Line);
    }

    [Fact]
    public void Parse_EmptySecret_IsAUserWithoutSecret()
    {
        UserList list = UserList.Parse("\"a\" \"\"");
        Assert.Equal(SecretKind.None, list.Users["a"].Kind);
        Assert.Empty(list.Faults);
    }

    [Fact]
    public void Parse_EveryKind_IsTold()
    {
        string scram = ScramSecret.Derive("pencil", 1, [1]).Format();
        UserList list = UserList.Parse($"\"p\" \"x\"\n\"m\" \"{Md5Password.Hash("x", "m")}\"\n\"s\" \"{scram}\"");
        Assert.Empty(list.Faults);
        Assert.Equal(SecretKind.Plain, list.Users["p"].Kind);
        Assert.Equal(SecretKind.Md5, list.Users["m"].Kind);
        Assert.Equal(scram, list.Users["s"].Scram?.Format());
    }

    [Fact]
    public void Parse_MalformedScramSecret_IsPlainWithAWarning()
    {
        UserList list = UserList.Parse("\"a\" \"SCRAM-SHA-256$4096:tooshort\"");
        Assert.Equal(SecretKind.Plain, list.Users["a"].Kind);
        Assert.DoesNotContain("tooshort", Assert.Single(list.Faults).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(128, 2048, 0)]
    [InlineData(129, 1, 1)]
    [InlineData(1, 2049, 1)]
    public void Parse_Lengths_AreLimited(int name, int secret, int faults)
    {
        UserList list = UserList.Parse($"\"{new string('n', name)}\" \"{new string('s', secret)}\"");
        Assert.Equal(faults, list.Faults.Count);
        Assert.Equal(1 - faults, list.Users.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    public void Parse_Nothing_IsEmpty(string text)
    {
        Assert.Empty(UserList.Parse(text).Users);
        Assert.Empty(UserList.Parse(text).Faults);
    }
}
