package io.tarn.bench.mount;

import io.tarn.bench.process.Serving;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A directory that is measured.
 *
 * @param name in the report
 * @param directory absolute
 * @param serving whose CPU time and memory count
 * @param remount command of a shell that unmounts and mounts again, so that what the mount's processes remember is gone
 */
public record Place(String name, Path directory, Serving serving, Optional<String> remount) {}
