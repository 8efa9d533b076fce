using Tigger.Auth;

namespace Tigger.Tests.Auth;

/// <summary>Secrets that PostgreSQL 15 computed, in a UTF-8 database, by <c>CREATE ROLE ... PASSWORD</c>.</summary>
public sealed class PostgresSecretTests
{
    public static TheoryData<string, string> Secrets => new()
    {
        { "pencil", "SCRAM-SHA-256$4096:om0Fj7eLHzqQuJNrOdD0vg==$Ymy26OJkht8FUJkFFqXutunWwG0Tvd+e6G7ijokV/Ys=:BlzVurXqSP+SEaQLs3tNy5x83XwIA9nXoLFXJrFXwOY=" },
        { "I\u00ADX", "SCRAM-SHA-256$4096:MGQrVXq+e7bbQZe08ZlS4w==$YBB+sYfCVlQPKH4jtbirbHMxYPylh60YJQ5Ii8tZJVU=:AaBJEeQHFbPwGHU2suS3qvWLGFfXz8Hvzk39HIMuY/I=" },
        { "pass\u00A0word", "SCRAM-SHA-256$4096:vNASdAHgnle4ql6W9dEP/g==$dtnra+gBvWrHClB7kOVRo1IOiW63PyoVBGlVQUhJHdc=:i92o7ILbKuD6XGNySePtovDK+MUZgi4gYQoyq0VfE9g=" },
        { "\u00B2\u00B3\u00B4\u00A8", "SCRAM-SHA-256$4096:YFqLkIfZksX1hpZ+gul4SA==$p2wCEHlEo2gbj5N7WhO6Mf//IjmV2p/aygznMp/Owfo=:DtKSr4DVoyWYLLJj/yqeuH6pk/OACNuMMbgEVM0Ldbo=" },
        { "\u06A9\u200C\u06AF", "SCRAM-SHA-256$4096:GZ5Qca5z/u1Thy5Psztpcg==$uO9NRDp9a1sk10MkYTsWu2RkplLA9W9Aac78+/+dFbg=:Ig6A4wIBWuJ80D2MCiqZuYV3ThH0E3/GxRED9H7i4Tk=" },
        { "\u05D0\u00A01", "SCRAM-SHA-256$4096:YeVqA6Wlm0CuxKHWHf+YhA==$5dKFdfJ4wudyXUEsUABeHeru/ouGd4AzugMt8SITKuY=:XeLaNjaKsONdEmYZmF5B42OXth/jyeN/YZ4uANhrTUA=" },
        { "\uFF21\uFF11\u200B!", "SCRAM-SHA-256$4096:QKf5+3ARizyOUo0qzXN0RQ==$g5Jp5hfntTjuVh/DvMI1Z2Jf8RXg6Pg4M38MxQ6mj+k=:tcqOWWWORqlmjCnpMShxy3s3WjfgIsywMQwMUOwmlAw=" },
        { "\U0001F600\u00A0", "SCRAM-SHA-256$4096:sxWxGKxpQb8rgb0+WqluJg==$srJhjuaLATQmbo1FVTZTKoouAZPOgCy6W71pQlOIRYk=:/vaZuMXa1RMTVcoWbRVA+lQllqIYe6/Tx463rLJJGrY=" },
        { "\u00AD", "SCRAM-SHA-256$4096:3TC+T8Adcb8JVLC8+SbTww==$u0pTp7lusdWekh3d0vhOFMaTVAVsjb2R4ySPMywzQJ4=:lpOhnRbPSgRTv21HqCIpArLcmYA6/6gyRXLFshWjiUA=" },
        { "\u2122\u2116\u00B5\u00BA", "SCRAM-SHA-256$4096:OXdWTM8DU7ZnWVF5lf2SbQ==$uJK/fUt6DvnmpPoeX386YihKkiipQKwdmzWxDQ48wRA=:6Qo9x92LuCzJaipWeOiuReaBLLehVZBsME40U9nIus8=" },
        { "\uAC00\u200D\u4E2D\u3042", "SCRAM-SHA-256$4096:Hops8t7l8N/VfE4MumXLFA==$m0NnGUqM15cTKzEE4MJwjqWETdunJx/pOLxJfd1ReVI=:WAF+90JVZ3luxRcZ5BamRzhJWuQSRfN1m+rc4QHq1K0=" },
        { "p'\"\\$:w", "SCRAM-SHA-256$4096:JOoPR4+csxxcvPdOWCwysA==$4YFHLoS39IduF3QNgFmDqBrpG9Tv6bGl7x3e0AXdxDk=:wnbEDLc5VBo4JQ6nnJEbisHw5cLaTpTpRQldg9utbHQ=" },
    };

    [Theory]
    [MemberData(nameof(Secrets))]
    public void Derive_PasswordAndSaltOfPostgres_GivesSecretOfPostgres(string password, string text)
    {
        Assert.True(ScramSecret.TryParse(text, out ScramSecret? secret));
        Assert.Equal(text, ScramSecret.Derive(password, secret.Iterations, secret.Salt).Format());
    }
}
