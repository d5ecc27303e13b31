using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Bots.Testing;

internal static class Properties
{
    private static readonly Replay Seed = new(new Rnd(20261121UL, 1UL), FSharpOption<int>.None);

    /// <summary>Tries a property on random values, the same ones in every run.</summary>
    public static void Hold<T>(this Gen<T> gen, Func<T, bool> property, int times = 300) =>
        Check.One(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(times).WithReplay(FSharpOption<Replay>.Some(Seed)), Prop.ForAll(gen.ToArbitrary(), property));
}
