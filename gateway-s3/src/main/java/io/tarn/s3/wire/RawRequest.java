package io.tarn.s3.wire;

/**
 * A request's head as it came from the wire, undecoded: signatures are made over exactly this.
 *
 * @param method the HTTP method in capitals
 * @param rawPath the path, percent-coded as sent, beginning with {@code /}
 * @param rawQuery what follows the {@code ?}, percent-coded as sent; empty if there is none
 * @param headers the headers
 */
public record RawRequest(String method, String rawPath, String rawQuery, HeaderView headers) {
    /** Splits a request target of the form {@code path?query}, or the same after {@code http://host} as proxies get it. */
    public static RawRequest of(final String method, final String target, final HeaderView headers) {
        return ofPath(method, target.startsWith("/") ? target : withoutAuthority(target), headers);
    }

    private static String withoutAuthority(final String target) {
        int authority = target.startsWith("http://") || target.startsWith("https://") ? target.indexOf("//") + 2 : 0;
        int path = authority == 0 ? 0 : target.indexOf('/', authority);
        return path < 0 ? "/" : target.substring(path);
    }

    private static RawRequest ofPath(final String method, final String target, final HeaderView headers) {
        int mark = target.indexOf('?');
        return mark < 0
                ? new RawRequest(method, target, "", headers)
                : new RawRequest(method, target.substring(0, mark), target.substring(mark + 1), headers);
    }
}
