using Tigger.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(PostgresServer))]
