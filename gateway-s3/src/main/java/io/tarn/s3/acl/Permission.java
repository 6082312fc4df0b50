package io.tarn.s3.acl;

/** What a grant allows. On a bucket READ lists and WRITE puts and deletes; on an object READ gets and WRITE means nothing. */
public enum Permission {
    READ,
    WRITE,
    READ_ACP,
    WRITE_ACP,
    FULL_CONTROL;

    boolean allows(final Permission wanted) {
        return this == wanted || this == FULL_CONTROL;
    }
}
