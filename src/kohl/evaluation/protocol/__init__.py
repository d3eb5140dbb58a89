"""What is measured on: pictures with their licence and slices, fixed pair lists with seeds, and one way of opening them for everybody."""
