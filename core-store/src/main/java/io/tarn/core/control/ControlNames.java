package io.tarn.core.control;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What names and values the control group takes; the same rules hold for every client. */
final class ControlNames {
    /** Bytes of UTF-8 an attribute's value may have. */
    static final int MAX_ATTRIBUTE_LENGTH = 64 * 1024;

    static final int MAX_ATTRIBUTES = 64;
    static final int MAX_GROUPS = 1024;
    /** Access keys a user may have. */
    static final int MAX_KEYS_PER_USER = 100;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");
    private static final Pattern ACCESS_KEY_ID = Pattern.compile("[A-Za-z0-9._-]{3,128}");
    private static final Pattern ATTRIBUTE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,127}");
    private static final Pattern IP_ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    /** S3 bucket names: 3 to 63 of lower-case letters, digits, dots and hyphens; no label begins or ends with a hyphen or is empty. */
    private static final Pattern VOLUME =
            Pattern.compile("(?=.{3,63}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");

    private ControlNames() {}

    static void checkTenant(final String name) {
        check(NAME.matcher(name).matches(), "not a tenant name: it has to match [a-z0-9][a-z0-9._-]{0,62}");
    }

    static void checkUser(final String name) {
        check(NAME.matcher(name).matches(), "not a user name: it has to match [a-z0-9][a-z0-9._-]{0,62}");
    }

    static void checkAccessKeyId(final String id) {
        check(
                ACCESS_KEY_ID.matcher(id).matches(),
                "not an access key id: 3 to 128 letters, digits, dots, underscores and hyphens");
    }

    static void checkSecret(final String secret) {
        check(
                secret.length() >= 8 && secret.length() <= 128 && secret.chars().allMatch(c -> c > ' ' && c < 0x7f),
                "not a secret key: 8 to 128 printable ASCII characters without blanks");
    }

    /** The rules of <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html">S3 bucket names</a>. */
    static void checkVolume(final String name) {
        check(
                VOLUME.matcher(name).matches()
                        && !IP_ADDRESS.matcher(name).matches()
                        && !name.startsWith("xn--")
                        && !name.endsWith("-s3alias"),
                "not a volume name: S3's rules for bucket names hold");
    }

    static void checkAttributes(final Map<String, String> attributes) {
        check(attributes.size() <= MAX_ATTRIBUTES, "more than " + MAX_ATTRIBUTES + " attributes");
        attributes.forEach((name, value) -> {
            check(ATTRIBUTE.matcher(name).matches(), "not an attribute name");
            check(value.length() <= MAX_ATTRIBUTE_LENGTH, "attribute " + name + " is too long");
        });
    }

    static void checkQuota(final long bytes, final long inodes) {
        check(bytes >= 0 && inodes >= 0, "a quota cannot be negative");
    }

    static void checkIds(final int uid, final int gid, final List<Integer> groups) {
        check(uid >= 0 && gid >= 0 && groups.stream().allMatch(group -> group >= 0), "negative uid or gid");
        check(groups.size() <= MAX_GROUPS, "more than " + MAX_GROUPS + " groups");
    }

    static void check(final boolean valid, final String message) {
        if (!valid) {
            throw new StorageException(Failure.INVALID_ARGUMENT, message);
        }
    }
}
