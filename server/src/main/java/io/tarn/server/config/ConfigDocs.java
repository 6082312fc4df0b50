package io.tarn.server.config;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;

/** Writes {@code docs/configuration.md} from the configuration records. */
final class ConfigDocs {
    private ConfigDocs() {}

    static String markdown() {
        final StringBuilder text = new StringBuilder("""
                # Configuration

                This page is generated from `io.tarn.server.config.ServerConfig`; a test fails when it is stale and says how to renew it.

                Settings come from a YAML file (`tarn server --config FILE`) and from the command line (`--set key=value`, any number of
                times, over the file). In YAML a key's parts nest: `s3.port` is `s3: {port: 9000}`. Unknown keys are refused.
                Sizes are written `4096`, `64KiB`, `10GiB`; times `500ms`, `30s`, `5m`, `1h`; lists with commas, or as YAML lists.

                The environment variables `TARN_ROOT_ACCESS_KEY` and `TARN_ROOT_SECRET_KEY` fix the first access key; without them one is
                made and kept in `client.yaml` in the data directory, readable by its owner alone.
                """);
        section(ServerConfig.class, "General", "", text);
        return text.toString();
    }

    private static void section(
            final Class<?> type, final String title, final String prefix, final StringBuilder text) {
        text.append("\n## ").append(title).append("\n\n| key | type | default | meaning |\n|---|---|---|---|\n");
        for (final RecordComponent component : type.getRecordComponents()) {
            if (!ConfigKeys.isSection(component)) {
                final Setting setting = component.getAnnotation(Setting.class);
                text.append("| `%s%s` | %s | %s | %s |%n"
                        .formatted(
                                prefix,
                                ConfigKeys.name(component),
                                typeName(component.getType()),
                                setting.value().isEmpty() ? "unset" : "`" + setting.value() + "`",
                                setting.doc()));
            }
        }
        for (final RecordComponent component : type.getRecordComponents()) {
            if (ConfigKeys.isSection(component)) {
                section(
                        component.getType(),
                        component.getAnnotation(Setting.class).doc(),
                        prefix + ConfigKeys.name(component) + ".",
                        text);
            }
        }
    }

    private static String typeName(final Class<?> type) {
        if (type == ByteSize.class) {
            return "size";
        }
        if (type == Duration.class) {
            return "time";
        }
        if (type == int.class) {
            return "number";
        }
        if (type == List.class) {
            return "list";
        }
        return type == String.class ? "text" : "path";
    }
}
