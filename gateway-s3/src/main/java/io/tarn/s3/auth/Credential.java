package io.tarn.s3.auth;

import io.tarn.s3.error.S3Exception;
import java.util.Optional;
import java.util.function.Function;

/** The credential of signature version 4: {@code accessKey/date/region/s3/aws4_request}. The key itself may hold slashes. */
record Credential(String accessKey, String date, String region) {
    /**
     * Parses a credential.
     *
     * @param malformed makes the error of the place it came from, header or query, out of a message
     */
    static Credential parse(final String text, final Function<String, S3Exception> malformed) {
        int terminal = text.lastIndexOf('/');
        int service = terminal <= 0 ? -1 : text.lastIndexOf('/', terminal - 1);
        int region = service <= 0 ? -1 : text.lastIndexOf('/', service - 1);
        int date = region <= 0 ? -1 : text.lastIndexOf('/', region - 1);
        if (date <= 0) {
            throw malformed.apply(
                    "the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        }
        if (!text.startsWith("aws4_request", terminal + 1) || text.length() != terminal + 13) {
            throw malformed.apply("incorrect terminal \"" + text.substring(terminal + 1)
                    + "\". This endpoint uses \"aws4_request\".");
        }
        if (!text.substring(service + 1, terminal).equals("s3")) {
            throw malformed.apply("incorrect service \"" + text.substring(service + 1, terminal)
                    + "\". This endpoint belongs to \"s3\".");
        }
        String day = text.substring(date + 1, region);
        if (!isDate(day)) {
            throw malformed.apply("incorrect date format \"" + day
                    + "\". This date in the credential must be in the format \"yyyyMMdd\".");
        }
        return new Credential(text.substring(0, date), day, text.substring(region + 1, service));
    }

    private static boolean isDate(final String day) {
        for (int i = 0; i < day.length(); i++) {
            if (day.charAt(i) < '0' || day.charAt(i) > '9') {
                return false;
            }
        }
        return day.length() == 8;
    }

    /** The error when the region is not ours. */
    Optional<S3Exception> checkRegion(final String expected, final Function<String, S3Exception> malformed) {
        return region.equals(expected)
                ? Optional.empty()
                : Optional.of(malformed
                        .apply("the region '" + region + "' is wrong; expecting '" + expected + "'")
                        .with("Region", expected));
    }

    /** Appends {@code date/region/s3/aws4_request}. */
    void writeScope(final SigningScratch out) {
        out.put(date);
        out.put('/');
        out.put(region);
        out.put("/s3/aws4_request");
    }
}
