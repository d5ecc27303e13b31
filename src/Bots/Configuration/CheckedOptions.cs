using System.ComponentModel.DataAnnotations;

namespace Bots.Configuration;

/// <summary>Options that are bound when they are first needed and checked at start.</summary>
public static class CheckedOptions
{
    /// <summary>Adds <typeparamref name="T"/> itself, bound from a section, and a check of the ranges its attributes give.</summary>
    public static IServiceCollection AddCheckedOptions<T>(this IServiceCollection services, IConfiguration configuration, string section)
        where T : class, new()
    {
        services.AddSingleton(_ => Bind<T>(configuration, section));
        services.AddSingleton<IConfigurationCheck>(_ => new RangeCheck<T>(configuration, section));
        return services;
    }

    private static T Bind<T>(IConfiguration configuration, string section)
        where T : class, new() => configuration.GetSection(section).Get<T>() ?? new T();

    private sealed class RangeCheck<T>(IConfiguration configuration, string section) : IConfigurationCheck
        where T : class, new()
    {
        public IEnumerable<ConfigurationProblem> Check()
        {
            var options = Bind<T>(configuration, section);
            var results = new List<ValidationResult>();
            Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
            return
            [
                .. from result in results
                   from name in result.MemberNames
                   let value = typeof(T).GetProperty(name)?.GetValue(options)
                   select new ConfigurationProblem($"{section}:{name}", Problem(value), Mend(name)),
            ];
        }

        private static string Problem(object? value) => value is null or "" ? "is not set" : $"{value} is out of range";

        private static string Mend(string name) =>
            typeof(T).GetProperty(name)?.GetCustomAttributes(typeof(RangeAttribute), inherit: true) is [RangeAttribute range]
                ? $"Choose between {range.Minimum} and {range.Maximum}."
                : "Set it.";
    }
}
