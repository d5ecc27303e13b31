using Bots.Engine.Repositories;

namespace Bots.Engine.Tests.Repositories;

public class EnvironmentNameTests
{
    [Theory]
    [InlineData("XDG_CONFIG_HOME")]
    [InlineData("XDG_DATA_DIRS")]
    [InlineData("OPENCODE_CONFIG")]
    [InlineData("CLAUDECODE")]
    [InlineData("CLAUDE_CONFIG_DIR")]
    [InlineData("CODEX_HOME")]
    [InlineData("NODE_OPTIONS")]
    [InlineData("NODE_PATH")]
    [InlineData("BUN_OPTIONS")]
    [InlineData("GIT_EXEC_PATH")]
    [InlineData("GIT_SSH_COMMAND")]
    [InlineData("SSH_ASKPASS")]
    [InlineData("LD_PRELOAD")]
    [InlineData("GCONV_PATH")]
    [InlineData("GLIBC_TUNABLES")]
    [InlineData("DOTNET_STARTUP_HOOKS")]
    [InlineData("COMPlus_EnableDiagnostics")]
    [InlineData("COMPLUS_EnableDiagnostics")]
    [InlineData("CORECLR_PROFILER_PATH")]
    [InlineData("OPENSSL_CONF")]
    [InlineData("OPENSSL_MODULES")]
    [InlineData("BASH_ENV")]
    [InlineData("PS4")]
    [InlineData("ZDOTDIR")]
    [InlineData("TMPDIR")]
    [InlineData("PAGER")]
    [InlineData("LESSOPEN")]
    [InlineData("RIPGREP_CONFIG_PATH")]
    [InlineData("https_proxy")]
    [InlineData("NO_PROXY")]
    [InlineData("BOTS_TOKEN")]
    [InlineData("Bots_token")]
    public void What_steers_the_service_its_agents_or_git_is_refused(string name) => EnvironmentName.Problem(name).ShouldNotBeNull().ShouldContain("set by the service or steers its agent");

    [Theory]
    [InlineData("NODE_ENV")]
    [InlineData("PYTHONPATH")]
    [InlineData("JAVA_TOOL_OPTIONS")]
    [InlineData("RUST_LOG")]
    [InlineData("DATABASE_URL")]
    [InlineData("LESSON")]
    [InlineData("MY_GIT_HOOK")]
    [InlineData("environment")]
    [InlineData("user")]
    public void What_only_the_repositorys_own_programs_heed_is_its_own_business(string name) => EnvironmentName.Problem(name).ShouldBeNull();
}
