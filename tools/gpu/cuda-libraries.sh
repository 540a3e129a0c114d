# Sourced by measure.sh. Finds the libraries that llama.cpp's CUDA backend needs and that a machine may have anywhere: in
# a toolkit, in Python's packages or beside the driver.

# Prints the path of a library, or nothing.
find_library() {
  local name=$1 folder found
  found=$(ldconfig -p 2>/dev/null | awk -v name="$name" '$1 == name { print $NF; exit }')
  if [ -z "$found" ]; then
    for folder in ${LD_LIBRARY_PATH:+${LD_LIBRARY_PATH//:/ }} "${CUDA_PATH:-/usr/local/cuda}/lib64" \
      /usr/local/cuda*/lib64 /usr/local/cuda*/targets/*/lib /usr/local/nvidia/lib64 /usr/lib/x86_64-linux-gnu; do
      if [ -e "$folder/$name" ]; then
        found=$folder/$name
        break
      fi
    done
  fi
  if [ -z "$found" ]; then
    # Of pip's packages, and of any other place below those where programs are installed.
    found=$(find ${CODERM_LIBRARY_ROOTS:-/opt /usr /root /home} -name "$name" -not -path '*/stubs/*' 2>/dev/null | head -n 1)
  fi
  [ -z "$found" ] || printf '%s\n' "$found"
}

# Links them all into one folder, and says which are missing; ends with 1 then.
link_cuda_libraries() {
  local into=$1 name found missing=()
  mkdir -p "$into"
  for name in libcudart.so.13 libcublas.so.13 libcublasLt.so.13 libcuda.so.1 libnvidia-ml.so.1; do
    found=$(find_library "$name")
    if [ -n "$found" ]; then
      ln -sfn "$found" "$into/$name"
    else
      missing+=("$name")
    fi
  done
  [ ${#missing[@]} -eq 0 ] && return
  echo "coderm: expected CUDA 13's libraries, and this machine lacks ${missing[*]}; what needs them will fail." >&2
  return 1
}
