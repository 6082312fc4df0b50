package io.tarn.server.cli;

import java.util.regex.Pattern;

/** Names as segments of API paths. */
final class Paths {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private Paths() {}

    /** The name itself: what would need percent-coding cannot exist. */
    static String segment(final String name) {
        if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            throw new CommandFailure(
                    CommandFailure.USAGE, "'" + name + "' is not a name: letters, digits, dots, underscores, hyphens");
        }
        return name;
    }
}
