using Bots.Engine.Intake;

namespace Bots.Engine.Tests.Intake;

public sealed class BranchNameTests
{
    private static readonly SessionId Session = new("ses_0123456789abcdef");

    [Theory]
    [InlineData("Fix the failing test", "bots/fix-the-failing-test-89abcdef")]
    [InlineData("  Fix: the `add` (again!)  ", "bots/fix-the-add-again-89abcdef")]
    [InlineData("", "bots/89abcdef")]
    [InlineData("???", "bots/89abcdef")]
    [InlineData("修正してください", "bots/89abcdef")]
    [InlineData("Übergrößen prüfen", "bots/bergr-en-pr-fen-89abcdef")]
    [InlineData("../../etc/passwd.lock", "bots/etc-passwd-lock-89abcdef")]
    [InlineData("-rf --force", "bots/rf-force-89abcdef")]
    [InlineData("a\nb\0c", "bots/a-b-c-89abcdef")]
    [InlineData("HEAD@{1}~2^:x", "bots/head-1-2-x-89abcdef")]
    [InlineData("one two three four five six seven eight nine ten", "bots/one-two-three-four-five-six-seven-eight-89abcdef")]
    public void A_branch_is_named_after_the_request_in_letters_git_takes(string text, string expected) => BranchName.For(text, Session).ShouldBe(expected);
}
