/** Who sent a request: AWS signatures version 4 and 2, in headers and in presigned URLs, and the keys to check them with. */
package io.tarn.s3.auth;
