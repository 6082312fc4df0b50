package io.tarn.server.config;

import java.io.IOException;
import java.io.Reader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads configuration records. What is not a key is refused, with the key that was probably meant. */
public final class ConfigReader {
    private static final Pattern DURATION = Pattern.compile("([0-9]+)(ms|s|m|h)");
    private static final int MAX_FILE_CODE_POINTS = 1 << 20;

    private ConfigReader() {}

    /**
     * @param pairs {@code key=value}; later ones win
     * @throws ConfigException for unknown keys and values that do not fit
     */
    public static <T extends Record> T read(final Class<T> type, final List<String> pairs) {
        return read(type, Map.of(), pairs);
    }

    /**
     * @param file YAML
     * @param pairs {@code key=value}, over what the file says; later ones win
     * @throws ConfigException when the file cannot be read, for unknown keys, and for values that do not fit
     */
    public static <T extends Record> T read(final Class<T> type, final Path file, final List<String> pairs) {
        return read(type, flatten(load(file), file), pairs);
    }

    private static <T extends Record> T read(
            final Class<T> type, final Map<String, String> fromFile, final List<String> pairs) {
        final Map<String, String> values = new LinkedHashMap<>(fromFile);
        for (final String pair : pairs) {
            final int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new ConfigException("'" + pair + "' is not of the form key=value");
            }
            values.put(
                    pair.substring(0, equals).strip(),
                    pair.substring(equals + 1).strip());
        }
        final var known = ConfigKeys.of(type).keySet();
        for (final String key : values.keySet()) {
            if (!known.contains(key)) {
                throw new ConfigException("there is no setting '" + key + "'"
                        + ConfigKeys.suggestion(key, known)
                                .map(other -> "; did you mean '" + other + "'?")
                                .orElse("; see docs/configuration.md"));
            }
        }
        return build(type, "", values);
    }

    private static <T> T build(final Class<T> type, final String prefix, final Map<String, String> values) {
        final RecordComponent[] components = type.getRecordComponents();
        final Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            final String key = prefix + ConfigKeys.name(components[i]);
            arguments[i] = ConfigKeys.isSection(components[i])
                    ? build(components[i].getType(), key + ".", values)
                    : value(components[i], key, values);
        }
        final Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types).newInstance(arguments);
        } catch (final InvocationTargetException e) {
            throw new ConfigException(prefix + ": " + e.getCause().getMessage(), e);
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is not a configuration record", e);
        }
    }

    private static Object value(final RecordComponent component, final String key, final Map<String, String> values) {
        final String text =
                values.getOrDefault(key, component.getAnnotation(Setting.class).value());
        try {
            return convert(component.getType(), text);
        } catch (final IllegalArgumentException e) {
            final String why = e instanceof NumberFormatException ? "'" + text + "' is not a number" : e.getMessage();
            throw new ConfigException(key + ": " + why, e);
        }
    }

    private static Object convert(final Class<?> type, final String text) {
        if (type == Optional.class) {
            return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
        }
        if (type == List.class) {
            return Arrays.stream(text.split(",", -1))
                    .map(String::strip)
                    .filter(item -> !item.isEmpty())
                    .toList();
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("has to have a value");
        }
        if (type == String.class) {
            return text;
        }
        if (type == int.class) {
            return Integer.parseInt(text);
        }
        if (type == Path.class) {
            return Path.of(text);
        }
        if (type == ByteSize.class) {
            return ByteSize.parse(text);
        }
        if (type == Duration.class) {
            return duration(text);
        }
        throw new IllegalStateException("no settings of " + type);
    }

    private static Duration duration(final String text) {
        final Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a time such as 500ms, 30s, 5m or 1h");
        }
        final long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static Object load(final Path file) {
        final LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_FILE_CODE_POINTS);
        options.setAllowDuplicateKeys(false);
        try (Reader reader = Files.newBufferedReader(file)) {
            final Object content = new Yaml(new SafeConstructor(options)).load(reader);
            return content == null ? Map.of() : content;
        } catch (final IOException e) {
            throw new ConfigException("cannot read " + file + ": " + e, e);
        } catch (final YAMLException e) {
            throw new ConfigException(file + " is not YAML: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> flatten(final Object content, final Path file) {
        final Map<String, String> values = new LinkedHashMap<>();
        flatten("", content, values, file);
        return values;
    }

    private static void flatten(
            final String key, final Object content, final Map<String, String> values, final Path file) {
        if (content instanceof Map<?, ?> map) {
            map.forEach((name, value) ->
                    flatten(key.isEmpty() ? String.valueOf(name) : key + "." + name, value, values, file));
        } else if (content instanceof List<?> list) {
            final List<String> items = new ArrayList<>();
            list.forEach(item -> items.add(String.valueOf(item)));
            values.put(key, String.join(",", items));
        } else if (key.isEmpty()) {
            throw new ConfigException(file + " has to hold settings, as in 's3: {port: 9000}'");
        } else {
            values.put(key, content == null ? "" : String.valueOf(content));
        }
    }
}
