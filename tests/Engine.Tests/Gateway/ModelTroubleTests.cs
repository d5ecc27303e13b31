using Bots.Engine.Gateway;

namespace Bots.Engine.Tests.Gateway;

public sealed class ModelTroubleTests
{
    [Fact]
    public void Failures_of_one_turn_do_not_count_in_the_next()
    {
        var (trouble, session, given) = (new ModelTrouble(), SessionId.New(), 0);
        trouble.Hopeless += (_, _) => given++;

        for (var failure = 1; failure < ModelTrouble.Limit; failure++) trouble.Failed(session, "503");
        trouble.Forget(session);
        for (var failure = 1; failure < ModelTrouble.Limit; failure++) trouble.Failed(session, "503");
        given.ShouldBe(0);

        trouble.Failed(session, "503");
        given.ShouldBe(1);
    }
}
