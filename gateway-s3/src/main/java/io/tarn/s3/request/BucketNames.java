package io.tarn.s3.request;

/**
 * The rules for names of general purpose buckets, with every label between dots a label of DNS.
 *
 * <p>Source: Amazon S3 User Guide, "Bucket naming rules".
 */
public final class BucketNames {
    private static final int MIN_LENGTH = 3;
    private static final int MAX_LENGTH = 63;
    private static final String[] RESERVED_PREFIXES = {"xn--", "sthree-", "amzn-s3-demo-"};
    private static final String[] RESERVED_SUFFIXES = {"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"};

    private BucketNames() {}

    /** Whether a bucket of this name may be created. */
    public static boolean isValid(final String name) {
        if (name.length() < MIN_LENGTH || name.length() > MAX_LENGTH || looksLikeIpAddress(name)) {
            return false;
        }
        if (!isLetterOrDigit(name.charAt(0)) || !isLetterOrDigit(name.charAt(name.length() - 1))) {
            return false;
        }
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean labelEnds = c == '.' && !isLetterOrDigit(name.charAt(i - 1));
            boolean labelBegins = c == '-' && name.charAt(i - 1) == '.';
            if ((!isLetterOrDigit(c) && c != '-' && c != '.') || labelEnds || labelBegins) {
                return false;
            }
        }
        return !isReserved(name);
    }

    private static boolean isLetterOrDigit(final char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }

    private static boolean isReserved(final String name) {
        for (String prefix : RESERVED_PREFIXES) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        for (String suffix : RESERVED_SUFFIXES) {
            if (name.endsWith(suffix)) {
                return true;
            }
        }
        return false;
    }

    private static boolean looksLikeIpAddress(final String name) {
        int dots = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.') {
                dots++;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return dots == 3;
    }
}
