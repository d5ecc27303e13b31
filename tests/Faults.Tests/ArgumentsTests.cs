namespace Bots.Faults.Tests;

public sealed class ArgumentsTests
{
    [Fact]
    public void Everything_may_be_said_and_nothing_must_be()
    {
        Arguments.Parse([]).ShouldBe(new Arguments { Length = TimeSpan.FromMinutes(1), Seed = 1, Sandbox = "bubblewrap" });
        Arguments.Parse(["--sandbox", "docker", "--seed", "42", "--minutes", "2.5"]).ShouldBe(new Arguments { Length = TimeSpan.FromSeconds(150), Seed = 42, Sandbox = "docker" });
    }

    [Theory]
    [InlineData("--sandbox podman", "'--sandbox podman' is not understood. Write: --minutes 10 --seed 42 --sandbox bubblewrap|docker")]
    [InlineData("--seed 42 --minutes soon", "'--minutes soon' is not understood.*")]
    [InlineData("--minutes 0", "'--minutes 0' is not understood.*")]
    [InlineData("--seed 4.2", "'--seed 4.2' is not understood.*")]
    [InlineData("--seed 42 --minutes", "'--minutes' is not understood.*")]
    [InlineData("--second 42", "'--second 42' is not understood.*")]
    public void What_is_not_understood_is_told_with_what_would_be(string line, string told) =>
        Should.Throw<CannotRunException>(() => Arguments.Parse(line.Split(' '))).Message.ShouldMatch($"^{told.Replace("|", "\\|")}$");
}
