using System.Runtime.CompilerServices;

namespace Tigger.Tests.Fixtures;

/// <summary>Programs in other languages that use the drivers people use; Drivers/ has their sources, `make test-deps` installs what they need.</summary>
public static class Drivers
{
    private const string Jdbc = "/usr/share/java/postgresql.jar";

    /// <summary>A JVM that compiles its program on a busy machine takes most of it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private static readonly Dictionary<string, string[]> Commands = new()
    {
        ["node-postgres"] = ["node", "node/node-postgres.mjs"],
        ["postgres.js"] = ["node", "node/postgres-js.mjs"],
        ["psycopg"] = ["/usr/bin/python3", "psycopg/scenarios.py"],
        ["pgx"] = ["go", "run", "pgx/main.go"],
        ["pgjdbc"] = ["java", "-XX:TieredStopAtLevel=1", "-cp", Jdbc, "pgjdbc/Scenarios.java"],
    };

    /// <summary>Runs the program of a driver with libpq's variables for where to go, and those given.</summary>
    public static Task<ToolResult> RunAsync(string driver, TiggerProcess pooler, params (string Name, string Value)[] variables)
    {
        var command = Commands[driver];
        (string, string)[] target =
        [
            // Debian's Go libraries are for a workspace.
            ("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode"), ("GOFLAGS", ""),
            ("PGHOST", pooler.Host), ("PGPORT", $"{pooler.Port}"), ("PGUSER", Roles.Superuser), ("PGDATABASE", PoolerTest.Database), .. variables,
        ];
        return PgTools.RunProgramAsync(command[0], command[1..], Limit, from: pooler.Topology.Clients, workingDirectory: Folder(), variables: target);
    }

    private static string Folder([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "Drivers");
}
