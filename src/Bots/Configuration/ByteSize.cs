using System.ComponentModel;
using System.Globalization;

namespace Bots.Configuration;

/// <summary>A number of bytes, written <c>512MiB</c> or <c>4GiB</c>. Units are powers of 1024, with or without the <c>i</c>; a bare number is bytes.</summary>
[TypeConverter(typeof(ByteSizeConverter))]
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>, IComparable
{
    private const string Units = "KMGT";

    public static ByteSize Parse(string text) =>
        TryParse(text, out var size) ? size : throw new FormatException($"'{text}' is not a size; write 512MiB or 4GiB.");

    public static bool TryParse(string? text, out ByteSize size)
    {
        size = default;
        var number = (text ?? "").Trim();
        if (number.EndsWith("B", StringComparison.OrdinalIgnoreCase)) number = number[..^1];
        if (number.EndsWith("i", StringComparison.OrdinalIgnoreCase)) number = number[..^1];
        var unit = number.Length == 0 ? -1 : Units.IndexOf(char.ToUpperInvariant(number[^1]));
        if (unit >= 0) number = number[..^1];
        if (!decimal.TryParse(number.TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return false;
        var bytes = value * (1L << (10 * (unit + 1)));
        if (bytes > long.MaxValue) return false;
        size = new ByteSize((long)bytes);
        return true;
    }

    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    public int CompareTo(object? obj) => obj is ByteSize other ? CompareTo(other) : 1;

    public static bool operator <(ByteSize left, ByteSize right) => left.Bytes < right.Bytes;

    public static bool operator >(ByteSize left, ByteSize right) => left.Bytes > right.Bytes;

    public static bool operator <=(ByteSize left, ByteSize right) => left.Bytes <= right.Bytes;

    public static bool operator >=(ByteSize left, ByteSize right) => left.Bytes >= right.Bytes;

    /// <summary>In the largest unit that leaves a whole number.</summary>
    public override string ToString()
    {
        var (value, unit) = (Bytes, 0);
        while (unit < Units.Length && value != 0 && value % 1024 == 0) (value, unit) = (value / 1024, unit + 1);
        return unit == 0 ? $"{value}B" : $"{value}{Units[unit - 1]}iB";
    }
}

internal sealed class ByteSizeConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => ByteSize.Parse((string)value);
}
